"""What it amounts to: statements set against duties, as of a date, by published rules."""
