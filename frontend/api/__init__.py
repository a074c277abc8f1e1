"""One file per API family, named after its document."""
