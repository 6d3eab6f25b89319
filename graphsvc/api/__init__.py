"""The HTTP face: FastAPI routes, problem documents, pages and their cursors."""
