"""Tests of the house itself: who may import whom, and whether every registry is complete."""
