"""Requests: how their bodies are read, and a Schema for each kind of request."""
