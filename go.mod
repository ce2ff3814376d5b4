module picasso

go 1.26.8

require (
	fyne.io/fyne/v2 v2.7.2 // indirect
	github.com/TheTitanrain/w32 v0.0.0-20180517000239-4f5cfb03fabf // indirect
	github.com/disintegration/imaging v1.6.2 // indirect
	github.com/lucasb-eyer/go-colorful v1.4.1 // indirect
	github.com/sqweek/dialog v0.0.0-20240226140203-065105509627 // indirect
	github.com/yalue/onnxruntime_go v1.27.0 // indirect
	golang.org/x/image v0.47.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
