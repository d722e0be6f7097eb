"""Quotations, and who says them: paragraphs in, speakers with their confidence out."""
