"""What everyone sees: sentences, charts, pages and the data package."""
