int main() { this cannot be built }
