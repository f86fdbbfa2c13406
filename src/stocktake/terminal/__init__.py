"""How answers look in a terminal: the same words and signs as on the pages."""
