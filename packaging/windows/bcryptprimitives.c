/* Wine 8 lacks bcryptprimitives.dll, where Go's runtime gets its random
 * numbers. This one is for trying the setup under wine, and for nothing else. */
#include <windows.h>
#include <ntsecapi.h>

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
	return RtlGenRandom(data, (ULONG)size);
}
