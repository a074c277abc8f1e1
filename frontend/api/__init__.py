"""A file or a folder for each API family: its routes, its requests and answers, its error shape."""
