"""The API families, a file or a folder for each: its routes, its handlers, the envelope of its errors."""
