"""The agency's desk: the estimate at a glance, its projects and lines, its workbook, its acts."""
