"""`make bench`: how fast MedGuide is, each figure beside its floor, measured in the same run."""
