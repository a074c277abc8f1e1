"""The OpenAPI document, generated from the routes and their Schemas, and the page that shows it."""
