"""The estimate as an Excel workbook: its shape, its guard, its writer and its readers."""
