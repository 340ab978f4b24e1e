/* What a writer becomes by an exec that no library sees: linked statically, so not even loaded. */
int main(void) { return 0; }
