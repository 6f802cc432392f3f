"""Inquiries: asked, answered, passed on."""
