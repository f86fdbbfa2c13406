"""What is kept: canonical bytes, signatures, a Merkle log, checkpoints, proofs, audit. No file, no clock."""
