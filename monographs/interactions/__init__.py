"""What does not mix, what is doubled, what adds up: medicines in, a report out."""
