"""An agency's estimate: drafts from form or workbook, checks, versions, and the procedure.

The room itself keeps the draft, its stored versions and the acts on them. Beside them stand:
`checking` (what is found in a draft), `merging` (two people's work on one draft), `copying` (a project
begun from another), `parts` (co-agencies), `handing_up` (offices below) and `workbook` (Excel).
"""
