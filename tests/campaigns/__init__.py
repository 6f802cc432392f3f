"""Campaigns: many seeded trials of one promise, counted, with the failure rate they can exclude."""
