"""Panels, and the group chats that have a purpose."""
