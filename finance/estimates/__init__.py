"""An agency's estimate: drafts from form or workbook, checks, versions, and the procedure."""
