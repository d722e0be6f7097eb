"""``python -m audiobrief``."""

from audiobrief.cli.main import main

if __name__ == "__main__":
    main()
