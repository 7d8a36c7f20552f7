package builtin

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

var sha256Sum = Function{
	Name:       "sha256",
	Title:      "SHA-256 (8 MiB)",
	Category:   "cpu",
	Target:     60,
	Iterations: 20,
	Setup:      setupSHA256,
}

// sha256Want is the sum of the first 8 MiB of the ChaCha8 stream of
// sha256Seed, taken with sha256sum(1).
const (
	sha256Seed = "benchcell: a fixed seed, 32 byte"
	sha256Want = "ae02cf0abe4efc154c256856a8a8be0044133a4c7cc277df4a65405f22ce2fe0"
)

func setupSHA256() (*Case, error) {
	data := make([]byte, 8<<20)
	if _, err := rand.NewChaCha8([32]byte([]byte(sha256Seed))).Read(data); err != nil {
		return nil, err
	}
	return pure(func() error {
		sum := sha256.Sum256(data)
		if got := hex.EncodeToString(sum[:]); got != sha256Want {
			return fmt.Errorf("the sum is %s, it must be %s", got, sha256Want)
		}
		return nil
	}), nil
}
