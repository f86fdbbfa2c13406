"""What is stated: claims, each with its speaker, its date and the place where it can be read."""
