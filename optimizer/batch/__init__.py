"""Many problems, or one problem asked many times, over several processes.

    solve_all(folder_in, folder_out, workers=2)     problems and plans travel as files
    relax_variants(live, edit_sets, workers=2)      one problem, many edits: bound and prices of each
    plan_variants(problem, variants, limits, ...)   one problem, many edits: an audited plan of each

A process that dies takes one job with it, never the others; a job is tried once more, then told as failed.
"""
