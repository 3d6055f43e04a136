"""What runs inside Checkov: the dictionary unpacked, resources judged, results given back. Travels in the bundle."""
