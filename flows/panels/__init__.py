"""A territory's panel, and the group chats that have a purpose."""
