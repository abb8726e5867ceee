"""The web server around the page: middleware, uploads, caches and limits."""
