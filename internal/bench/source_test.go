package bench

import (
	"archive/tar"
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// archive makes a tar of headers; a plain file holds its own name.
func archive(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, h := range headers {
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(h.Name))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := w.Write([]byte(h.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func file(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644} }

// sparse makes a tar of a file with a hole of so many bytes, as GNU tar does. Go's
// own writer refuses to, so the records get their names afterwards.
func sparse(t testing.TB, size int) []byte {
	t.Helper()
	extents := fmt.Sprintf("1\n%d\n1\n", size-1)
	content := append([]byte(extents), make([]byte, 512-len(extents)+1)...)
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "hole", Mode: 0o644, Size: int64(len(content)), Format: tar.FormatPAX, PAXRecords: map[string]string{
		"XXX.sparse.major": "1", "XXX.sparse.minor": "0", "XXX.sparse.name": "hole", "XXX.sparse.realsize": strconv.Itoa(size),
	}})
	if err == nil {
		_, err = w.Write(content)
	}
	if err = cmp.Or(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(buf.Bytes(), []byte("XXX.sparse"), []byte("GNU.sparse"))
}

func TestSourceRoundTrip(t *testing.T) {
	files := []File{
		{Path: "main.py", Content: "print(1)\n"},
		{Path: "bin/tool", Content: "AP8=", Encoding: "base64", Executable: true},
	}
	packed, err := PackSource(files)
	if err != nil {
		t.Fatal(err)
	}
	again, err := PackSource(files)
	if err != nil || !bytes.Equal(packed, again) {
		t.Error("the same files make another tar")
	}
	back, err := ReadSource(packed)
	if err != nil || len(back) != 2 || back[0].Content != "print(1)\n" || back[0].Executable ||
		back[1].Path != "bin/tool" || back[1].Content != "\x00\xff" || !back[1].Executable {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := PackSource([]File{{Path: "x", Content: "?", Encoding: "base64"}}); CodeOf(err) != CodeInvalid {
		t.Errorf("bad base64: %v", err)
	}
}

func TestSourceIsTakenAsTarsAreMade(t *testing.T) {
	files, err := ReadSource(archive(t,
		tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "pax_global_header", PAXRecords: map[string]string{"comment": "x"}},
		tar.Header{Typeflag: tar.TypeDir, Name: "./src/", Mode: 0o755}, file("./src/main.go")))
	if err != nil || len(files) != 1 || files[0].Path != "src/main.go" {
		t.Errorf("%+v, %v", files, err)
	}
}

// Whatever could lead out of /work, or is no file, is refused as a whole.
func TestSourceRefused(t *testing.T) {
	many := make([]tar.Header, MaxSourceFiles+1)
	for i := range many {
		many[i] = file(fmt.Sprint("f", i))
	}
	whole := archive(t, file("a"))
	for name, c := range map[string]struct {
		text []byte
		says string
	}{
		"an absolute path": {archive(t, file("/etc/passwd")), "relative"},
		"a way up":         {archive(t, file("a"), file("../b")), "inside /work"},
		"a way up inside":  {archive(t, file("a/../../b")), "clean"},
		"the folder":       {archive(t, file(".")), "clean"},
		"a link":           {archive(t, file("a"), tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: "/etc"}), `"l" in the source is neither`},
		"a hard link":      {archive(t, file("a"), tar.Header{Typeflag: tar.TypeLink, Name: "l", Linkname: "a"}), "neither"},
		"a device":         {archive(t, tar.Header{Typeflag: tar.TypeChar, Name: "null"}), "neither"},
		"a pipe":           {archive(t, tar.Header{Typeflag: tar.TypeFifo, Name: "p"}), "neither"},
		"a path twice":     {archive(t, file("a"), file("./a")), "twice"},
		"too many":         {archive(t, many...), "more than 1000 files"},
		"too deep":         {archive(t, file(strings.Repeat("d/", MaxSourceDepth+1)+"f")), "deeper"},
		"cut off":          {whole[:512], "the source"},
		"a hole":           {sparse(t, 64<<20), "sparse"},
		"no tar":           {[]byte(strings.Repeat("hello", 300)), "no tar"},
		"too large":        {make([]byte, MaxSource+1), "at most"},
	} {
		files, err := ReadSource(c.text)
		if CodeOf(err) != CodeInvalid || err == nil || !strings.Contains(err.Error(), c.says) || files != nil {
			t.Errorf("%s: %d files, %v", name, len(files), err)
		}
	}
}

func FuzzSource(f *testing.F) {
	f.Add(archive(f, file("a"), file("b/c")))
	f.Add(sparse(f, 1<<20))
	f.Add(archive(f, tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: "/etc"}))
	f.Fuzz(func(t *testing.T, text []byte) {
		files, err := ReadSource(text)
		if err != nil {
			return
		}
		size := 0
		for _, file := range files {
			size += len(file.Content)
			if err := file.validate(); err != nil {
				t.Errorf("%+q was let through: %v", file.Path, err)
			}
		}
		if size > len(text) {
			t.Errorf("%d bytes came out of %d", size, len(text))
		}
	})
}
