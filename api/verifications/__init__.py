"""Submit a selfie, have it judged, look the answer up."""
