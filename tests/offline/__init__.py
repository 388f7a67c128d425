"""No test reaches another machine: who tries is stopped, and the test fails even where that was caught."""
