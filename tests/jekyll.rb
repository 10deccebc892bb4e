# Build Jekyll folders by Jekyll itself: each argument is a folder; what it wrote is printed as JSON, by folder.
require "jekyll"
require "json"

Jekyll.logger.log_level = :error
found = ARGV.to_h do |source|
  destination = File.join(source, "_site")
  site = Jekyll::Site.new(Jekyll.configuration("source" => source, "destination" => destination, "quiet" => true))
  site.process
  files = Dir.glob("**/*", File::FNM_DOTMATCH, :base => destination)
  [source, files.select { |path| File.file?(File.join(destination, path)) }.sort]
end
puts JSON.generate(found)
