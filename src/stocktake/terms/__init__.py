"""Agreed terms that all rooms share: dates, intervals, States, provenance, paragraph ids, problems."""
