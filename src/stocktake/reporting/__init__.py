"""The standard reporting form: its definition, reports and their answers, reading what people wrote, comparing."""
