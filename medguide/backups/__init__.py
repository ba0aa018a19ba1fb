"""Everything that the database holds, as one encrypted file that later releases can read: docs/decisions/0011."""
