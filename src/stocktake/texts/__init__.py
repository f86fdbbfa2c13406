"""Reading UN documents: text -> paragraphs with symbol, number, span; pure, without a word of any language."""
