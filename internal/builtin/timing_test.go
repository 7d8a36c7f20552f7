package builtin

import "testing"

func BenchmarkAll(b *testing.B) {
	for _, f := range All() {
		b.Run(f.Name, func(b *testing.B) {
			c, err := f.Setup()
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := c.Run(); err != nil {
					b.Fatal(err)
				}
			}
			if err := c.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkSetup(b *testing.B) {
	for _, f := range All() {
		b.Run(f.Name, func(b *testing.B) {
			for b.Loop() {
				c, err := f.Setup()
				if err != nil {
					b.Fatal(err)
				}
				if err := c.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
