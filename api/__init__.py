"""Everything around the core: HTTP, storage, people, time."""
