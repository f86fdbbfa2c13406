"""The built site, as a reader's browser sees it."""
