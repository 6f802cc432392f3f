"""Tests of the conversations: transcripts, the engine, the hints and stored logs."""
