"""The one place with clock, disk and network: opens documents, loads data, writes reviews."""
