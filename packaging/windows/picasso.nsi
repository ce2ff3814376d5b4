; The Windows setup. build.sh defines VERSION, NUMBERS (four of them), FILES
; (what is installed), LIST (the same as commands), SIZE (in KiB) and OUT.
;
;   setup.exe /S                    silently, for this user
;   setup.exe /S /ALLUSERS          for all users; needs an administrator
;   setup.exe /S /CUDA=C:\folder    with NVIDIA's libraries from a folder
;   setup.exe /S /D=C:\folder       into another folder
;
; The default stub is a 32-bit program, which systems without 32-bit support
; start without doing anything.
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "x64.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Picasso"
!define PROGRAM "Software\Classes\Applications\picasso.exe"
!define RUNTIME_ADDRESS "https://aka.ms/vs/17/release/vc_redist.x64.exe"

Name "Picasso"
OutFile "${OUT}"
BrandingText "Picasso ${VERSION}"
RequestExecutionLevel user
ManifestDPIAware true
InstallDir ""
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Picasso"
VIAddVersionKey "FileDescription" "Picasso setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\picasso.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${FILES}\LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString RuntimeMissing ${LANG_ENGLISH} "Picasso needs the Microsoft Visual C++ runtime (2015 to 2022, x64), which is missing on this computer. Open its download page? You can install Picasso before or after it."
LangString RuntimeMissing ${LANG_GERMAN} "Picasso braucht die Microsoft Visual C++ Runtime (2015 bis 2022, x64), die auf diesem Rechner fehlt. Die Adresse öffnen, von der sie geladen wird? Picasso kann vorher oder nachher installiert werden."
LangString Only64 ${LANG_ENGLISH} "Picasso needs a 64-bit Windows."
LangString Only64 ${LANG_GERMAN} "Picasso braucht ein 64-Bit-Windows."

Var Everybody ; "1" installs for all users

; Who it is installed for decides the folder and the part of the registry.
!macro ScopeOf un
Function ${un}Scope
  SetRegView 64
  ${If} $Everybody == "1"
    SetShellVarContext all
  ${Else}
    SetShellVarContext current
  ${EndIf}
FunctionEnd
!macroend
!insertmacro ScopeOf ""
!insertmacro ScopeOf "un."

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "$(Only64)" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  ${GetParameters} $0
  StrCpy $Everybody "0"
  ClearErrors
  ${GetOptions} $0 "/ALLUSERS" $1
  ${IfNot} ${Errors}
    StrCpy $Everybody "1"
  ${EndIf}
  Call Scope
  ${If} $INSTDIR == ""
    ${If} $Everybody == "1"
      StrCpy $INSTDIR "$PROGRAMFILES64\Picasso"
    ${Else}
      StrCpy $INSTDIR "$LOCALAPPDATA\Programs\Picasso"
    ${EndIf}
  ${EndIf}
FunctionEnd

; Only Microsoft may distribute the runtime; setup says where to get it.
Function CheckRuntime
  ${If} ${FileExists} "$WINDIR\System32\vcruntime140_1.dll"
  ${AndIf} ${FileExists} "$WINDIR\System32\msvcp140_1.dll"
    Return
  ${EndIf}
  DetailPrint "$(RuntimeMissing)"
  MessageBox MB_YESNO|MB_ICONEXCLAMATION "$(RuntimeMissing)" /SD IDNO IDNO done
  ExecShell "open" "${RUNTIME_ADDRESS}"
done:
FunctionEnd

!macro OpenWith extension
  WriteRegStr SHCTX "${PROGRAM}\SupportedTypes" "${extension}" ""
  WriteRegNone SHCTX "Software\Classes\${extension}\OpenWithList\picasso.exe" ""
!macroend

!macro NotOpenWith extension
  DeleteRegKey SHCTX "Software\Classes\${extension}\OpenWithList\picasso.exe"
  DeleteRegKey /ifempty SHCTX "Software\Classes\${extension}\OpenWithList"
  DeleteRegKey /ifempty SHCTX "Software\Classes\${extension}"
!macroend

!macro ForEveryType do
  !insertmacro ${do} ".onnx"
  !insertmacro ${do} ".dcm"
  !insertmacro ${do} ".png"
  !insertmacro ${do} ".jpg"
  !insertmacro ${do} ".jpeg"
  !insertmacro ${do} ".gif"
  !insertmacro ${do} ".bmp"
  !insertmacro ${do} ".tif"
  !insertmacro ${do} ".tiff"
  !insertmacro ${do} ".webp"
!macroend

Section
  Call Scope
  Call CheckRuntime
  SetOutPath "$INSTDIR"
  !include "${LIST}"

  ; NVIDIA's libraries from a folder on this computer.
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/CUDA=" $1
  ${IfNot} ${Errors}
    ${IfNot} ${FileExists} "$1\onnxruntime_providers_cuda.dll"
      DetailPrint "onnxruntime_providers_cuda.dll is not in $1"
      SetErrorLevel 3
    ${Else}
      CopyFiles /SILENT "$1\onnxruntime_providers_cuda.dll" "$INSTDIR"
      CopyFiles /SILENT "$1\onnxruntime_providers_shared.dll" "$INSTDIR"
      CopyFiles /SILENT "$1\cu*.dll" "$INSTDIR"
      CopyFiles /SILENT "$1\nv*.dll" "$INSTDIR"
      WriteRegStr SHCTX "${UNINSTALL}" "CUDA" "1"
    ${EndIf}
  ${EndIf}

  CreateShortcut "$SMPROGRAMS\Picasso.lnk" "$INSTDIR\picasso.exe"

  ; Offered under “open with”, never made the default.
  WriteRegStr SHCTX "${PROGRAM}" "FriendlyAppName" "Picasso"
  WriteRegStr SHCTX "${PROGRAM}\shell\open\command" "" '"$INSTDIR\picasso.exe" "%1"'
  !insertmacro ForEveryType OpenWith
  ; Sessions are files of Picasso's own: it is their default program.
  WriteRegStr SHCTX "Software\Classes\.picasso" "" "Picasso.Session"
  WriteRegStr SHCTX "Software\Classes\Picasso.Session" "" "Picasso session"
  WriteRegStr SHCTX "Software\Classes\Picasso.Session\DefaultIcon" "" "$INSTDIR\picasso.exe,0"
  WriteRegStr SHCTX "Software\Classes\Picasso.Session\shell\open\command" "" '"$INSTDIR\picasso.exe" "%1"'
  ${RefreshShellIcons}
  WriteRegStr SHCTX "Software\Microsoft\Windows\CurrentVersion\App Paths\picasso.exe" "" "$INSTDIR\picasso.exe"

  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "Picasso"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "The Picasso authors"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\picasso.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegStr SHCTX "${UNINSTALL}" "Everybody" "$Everybody"
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
SectionEnd

Function un.onInit
  SetRegView 64
  StrCpy $Everybody "0"
  ReadRegStr $0 HKLM "${UNINSTALL}" "InstallLocation"
  ${If} $0 == $INSTDIR
    StrCpy $Everybody "1"
  ${EndIf}
  Call un.Scope
FunctionEnd

; Only what setup installed is removed, file by file: a folder that the user
; chose may contain other files.
Section "Uninstall"
  Delete "$INSTDIR\picasso.exe"
  Delete "$INSTDIR\picasso-cli.exe"
  Delete "$INSTDIR\onnxruntime.dll"
  Delete "$INSTDIR\onnxruntime_providers_*.dll"
  Delete "$INSTDIR\DirectML.dll"
  ReadRegStr $0 SHCTX "${UNINSTALL}" "CUDA"
  ${If} $0 == "1"
    Delete "$INSTDIR\cu*.dll"
    Delete "$INSTDIR\nv*.dll"
  ${EndIf}
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
  Delete "$INSTDIR\sbom.spdx.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Picasso.lnk"
  DeleteRegKey SHCTX "${PROGRAM}"
  !insertmacro ForEveryType NotOpenWith
  ReadRegStr $0 SHCTX "Software\Classes\.picasso" ""
  ${If} $0 == "Picasso.Session" ; another program may have taken it meanwhile
    DeleteRegValue SHCTX "Software\Classes\.picasso" ""
  ${EndIf}
  DeleteRegKey /ifempty SHCTX "Software\Classes\.picasso"
  DeleteRegKey SHCTX "Software\Classes\Picasso.Session"
  ${RefreshShellIcons}
  DeleteRegKey SHCTX "Software\Microsoft\Windows\CurrentVersion\App Paths\picasso.exe"
  DeleteRegKey SHCTX "${UNINSTALL}"
SectionEnd
