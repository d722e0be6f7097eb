"""Jobs to workers: processes here, or on other machines."""
