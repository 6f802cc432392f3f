"""What we ask, say and decide: pure conversations, the standard library only, no clock and no I/O."""
