"""Engines that come with audiobrief, one file each; plugins add more by entry point."""
