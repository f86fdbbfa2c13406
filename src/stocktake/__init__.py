"""Stocktake: what States promised, what they and others state, and what it amounts to."""

__version__ = "0.1.0"
