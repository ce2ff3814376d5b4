package assets

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"sync"
)

// Embedded tells whether a SHA-256, in hexadecimal, is that of the model of a
// sample.
func Embedded(sum string) bool { return slices.Contains(modelSums(), sum) }

// modelSums are the checksums of the samples' models.
var modelSums = sync.OnceValue(func() []string {
	var sums []string
	for _, s := range Samples() {
		data, err := samples.ReadFile(path.Join("samples", s.Folder, s.Model))
		if err != nil {
			panic(err) // a broken build
		}
		sum := sha256.Sum256(data)
		sums = append(sums, hex.EncodeToString(sum[:]))
	}
	return sums
})
