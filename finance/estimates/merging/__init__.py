"""What two drafts of the same estimate differ in, cell by cell, and how both people's work is kept."""
