"""What was promised: paragraphs with clauses, addressees by reading, the chains behind them, and indicators."""
