"""The dossier that proves a request (hồ sơ kèm dự toán): evidence per project, beside the estimate.

A dossier hangs on a version and a project's own key, is frozen and carried over with the version, and
is checked with it. This room knows versions only by id; its acts are in `finance.estimates.dossier_acts`.
"""
